"""The Qt shell: main window, family tabs, run list, and the bridge from the engine to Qt."""
