"""The settings of the product with django-viewflow beside it, for `parallel.py` alone."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS as OURS

INSTALLED_APPS = [*OURS, "viewflow", "viewflow.workflow", "benchmarks"]
