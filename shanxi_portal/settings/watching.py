"""What operators see: health, metrics, slow queries, and who is told of errors."""
