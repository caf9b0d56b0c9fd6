"""What an operator does to the log: dead letters, forgetting, replay, moving, remembering which log is ours."""
