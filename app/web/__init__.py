"""What people see: the survey and the portal."""
