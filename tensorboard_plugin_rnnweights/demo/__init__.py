"""Two small trainings that differ in one thing, to see the tab at work.

TensorFlow's start is chatty about the machine's hardware, which says nothing here; what it says of
faults is kept.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
