"""The TM Forum API: one file an Open API, over one kit. Its place on the floors; the first file comes with the API step."""
