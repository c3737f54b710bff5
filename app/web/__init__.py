"""What people see: the survey, the portal and the console."""
