"""After a death: what is stopped, what facilitators are told, and looks at those who are left."""
