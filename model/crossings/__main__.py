"""``python -m crossings`` is the command line."""

from crossings.cli import main

if __name__ == "__main__":
    main()
