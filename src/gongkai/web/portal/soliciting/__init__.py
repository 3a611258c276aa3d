"""Taking part on the public site: calls for opinions, special topics, questionnaires."""
