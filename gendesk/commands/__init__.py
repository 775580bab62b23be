"""The commands of the headless door, a module for each group of them; gendesk/cli.py puts them together."""
