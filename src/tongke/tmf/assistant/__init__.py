"""Tools for assistant programs (Model Context Protocol): declared once in ``tools``, over HTTP at ``/mcp`` and on ``tongke mcp``.

To add one, write a function with ``@tool`` in ``tools`` (docs/assistant.md); nothing else knows the tools by name.
"""
