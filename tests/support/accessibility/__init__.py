"""Looks at every state of every page in every way that a machine can, and writes down what it saw.

One call does it for a service that has a definition:

    states = service_states(served.address, definition, lapse=...)
    inspector.visit(states).demand()

A room whose pages no definition describes records its own states with a `Recorder` and hands them
to the same `Inspector`. A state is a page as it was sent: it is replayed in the browser, so a check
may spoil the page without spoiling the journey, and what was looked at can be looked at again.
"""
