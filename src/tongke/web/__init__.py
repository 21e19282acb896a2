"""Pages: the kit and one folder for each room or desk."""
