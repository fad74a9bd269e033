"""What must still be delivered: events, written in the transaction that caused them."""
