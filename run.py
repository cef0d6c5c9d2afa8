"""The one starter: `python3 run.py capture ADDRESS` sets up what is missing, then hands its arguments to the program.

This file alone must be readable by every Python there is, down to 2.7, so that an old one can say what it lacks;
the work is in archiver/starter.py.
"""

import sys

if sys.version_info < (3, 11):
    sys.stderr.write(
        "This needs Python 3.11 or newer, and this is Python %d.%d: install a newer one from python.org or with "
        "your system's packages, then start it with that (for example: python3.11 run.py).\n" % sys.version_info[:2]
    )
    sys.exit(4)

from archiver.starter import main  # only a new enough Python can read it

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
