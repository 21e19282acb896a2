"""The room ordering: what a customer may order: facts gathered, offers judged and priced."""
