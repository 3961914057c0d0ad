"""Why a plan gets no time, and what little change would get it some: nothing is told that was not planned anew."""
