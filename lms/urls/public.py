"""Addresses of a host that belongs to nobody: none."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
