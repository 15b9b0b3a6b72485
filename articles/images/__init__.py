"""Pictures: fetched guarded, decoded apart, kept once, shown in a fixed set of renditions."""
