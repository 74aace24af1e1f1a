"""The reconciliation service: which thing of the catalogue is meant, asked as the Reconciliation API has it."""
