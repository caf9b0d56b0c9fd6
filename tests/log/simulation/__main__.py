"""Play the storm of a seed and say what was wrong: `python -m tests.log.simulation SEED`."""

import sys

from tests.log.simulation.judge import faults_of
from tests.log.simulation.storm import storm

outcome = storm(int(sys.argv[1]))
print(*outcome.cluster.happened, sep="\n")
print(*(faults_of(outcome) or ["nothing lost, nothing doubled"]), sep="\n")
