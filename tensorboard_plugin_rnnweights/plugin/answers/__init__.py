"""The answers of the routes: JSON, safetensors and files."""
