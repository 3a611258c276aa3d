"""Documents that several organs issue together, and what is said about them: parties, remarks."""
