"""What does a spreadsheet of the catalogue say?"""
