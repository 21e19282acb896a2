"""The role homes and the notification tray."""
