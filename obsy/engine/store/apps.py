"""The store as Django knows it."""

from django.apps import AppConfig


class StoreApp(AppConfig):
    """The app of the store's models."""

    name = "obsy.engine.store"
    label = "obsy_store"
