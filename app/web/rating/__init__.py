"""The pages of a publication, drawn for the portal and, before it is made, for the preview of the console."""
