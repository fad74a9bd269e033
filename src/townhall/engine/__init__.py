"""What a service is: its definition, its conditions, its route and its answers, with no framework."""
