"""Places for costly answers in one process, so that they never take all of its threads.

gunicorn's threads are few. A search of a million rows, a sheet being printed or a long file on a slow line
holds one of them; with fewer places than threads there is always a thread for everybody else.
"""

from threading import Condition

# Seconds. Most searches end sooner, so a handful at the same moment are all served.
PATIENCE = 1


class Places:
    """So many costly answers at once, one less of them files: there is always one for a search."""

    def __init__(self, number):
        self.number, self.number_of_files = number, max(1, number - 1)
        self.taken = self.taken_by_files = 0
        # Somebody waited in vain, and nobody has left since: waiting once more would only hold a thread.
        self.is_stuck = False
        self._changed = Condition()

    def take(self, *, is_file):
        """A `Place`, after a short wait if there is none; None if there still is none."""
        with self._changed:
            if not self._has_room(is_file):
                if self.is_stuck:
                    return None
                if not self._changed.wait_for(lambda: self._has_room(is_file), PATIENCE):
                    self.is_stuck = True
                    return None
            self.taken += 1
            self.taken_by_files += is_file
            return Place(self, is_file)

    def _has_room(self, is_file):
        return self.taken < self.number and not (is_file and self.taken_by_files >= self.number_of_files)

    def leave(self, *, was_file):
        with self._changed:
            self.taken -= 1
            self.taken_by_files -= was_file
            self.is_stuck = False
            self._changed.notify_all()


class Place:
    """One place, held until `leave`, which may be called more than once."""

    def __init__(self, places, is_file):
        self.places, self.is_file, self.is_held = places, is_file, True

    def leave(self):
        if self.is_held:
            self.is_held = False
            self.places.leave(was_file=self.is_file)

    def held_by(self, response):
        """Leave when a response is sent whole, or when its reader goes away."""
        if response.streaming:
            response.streaming_content = Held(response.streaming_content, self)
        else:
            self.leave()


class Held:
    """What is streamed, with the place that it holds until the server, or `ConditionalGet`, closes it."""

    def __init__(self, content, place):
        self.content, self.place = iter(content), place

    def __iter__(self):
        return self

    def __next__(self):
        return next(self.content)

    def close(self):
        self.place.leave()
