"""What a person sees explained: plots, previews, models and recipes."""
