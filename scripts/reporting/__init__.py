"""What scripts/report is made of: figures and tables of a run (overview, air, rock, calibration, comparison), and the page that holds them."""
