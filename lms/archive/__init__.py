"""One base as a file: complete, checked by digest, and readable without this program."""
