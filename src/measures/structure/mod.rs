//! Structural change: how the industry of the cities moved, and whether it moved up.
