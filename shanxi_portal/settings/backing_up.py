"""Where backups go, how long they are kept, and for whom they are encrypted."""
