package Jar;

# The operation `jar`: a program for a cookie store that is made for it.
#
# A store has the methods `receive($uri, @lines)` and `send_to($uri)`, which returns the Cookie field or
# undef; and `restart` and `dump` where it can. They are given octets.

use strict;
use warnings;

use Clock;
use Protocol;

# The operation for a class of stores that are told a URI and nothing else.
sub of {
    my ($class) = @_;
    return sub {
        my ($asked) = @_;
        Clock::set($asked->{now});
        my $store = $class->new;
        my %observations;
        perform($store, $_, \%observations) for @{ $asked->{steps} };
        return { obs => \%observations };
    };
}

sub perform {
    my ($store, $step, $observations) = @_;
    my $do = $step->{do};
    circumstances($step);
    if ($do eq 'receive') {
        $store->receive(uri($step), map { octets($_) } @{ $step->{set_cookie} });
    } elsif ($do eq 'send') {
        $observations->{ $step->{at} } = { header => octets($store->send_to(uri($step))) };
    } elsif ($do eq 'advance') {
        Clock::set(Clock::now() + $step->{secs});
    } elsif ($do eq 'restart' && $store->can('restart')) {
        $store->restart;
    } elsif ($do eq 'dump' && $store->can('dump')) {
        $observations->{ $step->{at} } = { cookies => $store->dump };
    } else {
        unsupported($do);
    }
}

sub circumstances {
    my ($step) = @_;
    my $context = $step->{context} // {};
    unsupported('script') if $step->{do} =~ /^script/ || ($context->{api} // '') eq 'script';
    unsupported('same-site') if exists $context->{same_site} && !$context->{same_site};
}

sub uri {
    my $uri = octets($_[0]{uri});
    unsupported('uri') unless $uri =~ m{^https?://[^/?#]}i;
    return $uri;
}

1;
