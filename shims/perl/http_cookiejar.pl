# HTTP::CookieJar: the cookie store of HTTP::Tiny.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;

use Clock;
use HTTP::CookieJar;
use Jar;
use Protocol;

package Store {
    sub new { return bless { jar => HTTP::CookieJar->new }, shift }

    sub receive {
        my ($self, $uri, @lines) = @_;
        $self->{jar}->add($uri, $_) for @lines;
    }

    sub send_to {
        my ($self, $uri) = @_;
        my $header = $self->{jar}->cookie_header($uri);
        return length $header ? $header : undef;
    }

    sub restart {
        my ($self) = @_;
        my @kept = $self->{jar}->dump_cookies({ persistent => 1 });
        $self->{jar} = HTTP::CookieJar->new->load_cookies(@kept);
    }
}

serve(
    {
        shim => 'perl-HTTP-CookieJar/1',
        impl => {
            name     => 'HTTP::CookieJar',
            version  => HTTP::CookieJar->VERSION,
            language => 'perl',
            source   => 'https://metacpan.org/dist/HTTP-CookieJar',
        },
        can    => [qw(jar clock restart secure)],
        blind  => [qw(order)],
        claims => 'rfc6265',
        notes  => 'Public suffixes if Mozilla::PublicSuffix is there. A restart is dump_cookies and load_cookies of '
            . 'the persistent ones. Cookies of one second are sent in the order of a hash, whose seed the shim '
            . 'fixes. It reads `time`, which the shim winds.',
    },
    jar => Jar::of('Store'),
);
