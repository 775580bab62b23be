"""Everything a person does with runs that are kept: browse, compare, queue, export."""
