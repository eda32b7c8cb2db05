"""Pictures for the demo, drawn with Pillow: posters, backdrops, slides and fronts of theaters."""
