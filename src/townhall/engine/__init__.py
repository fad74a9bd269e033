"""What a service is: its definition, conditions, route and answers, with no framework."""
