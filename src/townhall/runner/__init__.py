"""The pages that residents meet: start, questions, check answers, confirmation and honest ends."""
