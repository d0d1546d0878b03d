"""Reading text from people: problems said clearly, nearest names, YAML that remembers its lines.

Nothing here knows about leukaemia. Every other room may import from it; it imports from none.
"""
