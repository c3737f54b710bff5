// Keys of lists and cards: see docs in the module below, once it is there.
