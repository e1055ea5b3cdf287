"""Short, tested helpers of the transfer-learning course; each names the lesson that introduces it."""

from tl_helpers.questions import quiz
from tl_helpers.session import start

__version__ = "0.1.0"
__all__ = ["quiz", "start"]
