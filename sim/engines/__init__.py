"""Two engines for one model: ``agents`` tells the story, ``ensemble`` repeats it many times."""
