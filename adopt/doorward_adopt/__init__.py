"""Writes Doorward's settings from those of a Django project."""
