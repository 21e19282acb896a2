"""Loading a chunk of rows: map, resolve, check, write, reconcile."""

from tongke.exchange.loading.chunk import Chunk, ChunkLoader

__all__ = ["Chunk", "ChunkLoader"]
