# The clock of a case: it stands in for `Time.now` in the libraries under test.

module Clock
  # In Unix seconds.
  @now = 0
  @ticks = 0

  class << self
    def set(now)
      @now = now
      @ticks = 0
    end

    def advance(seconds)
      set(@now + seconds)
    end

    # A nanosecond passes each time it is read, so that no two cookies are of one instant.
    def read
      Time.at(@now, @ticks += 1, :nanosecond)
    end
  end
end

def Time.now(**)
  Clock.read
end
