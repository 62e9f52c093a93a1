"""What the stories are told with: a PostgreSQL of our own, and the real bot as a process of its own."""
