# CGI::Cookie: the cookies of CGI.pm.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;

use Clock;    # Stands at the epoch: CGI::Cookie counts from the present.
use CGI::Cookie;
use Protocol;

sub parse_cookie {
    my ($asked) = @_;
    my $cookies = CGI::Cookie->parse(join '; ', map { octets($_) } @{ $asked->{cookie} });
    my @pairs;
    for my $name (sort keys %$cookies) {
        push @pairs, [octets($name), octets($_)] for $cookies->{$name}->value;
    }
    return { pairs => \@pairs };
}

sub format_set_cookie {
    my ($asked) = @_;
    unsupported('partitioned') if $asked->{partitioned};
    my %given = (
        -name     => octets($asked->{name}),
        -value    => octets($asked->{value}),
        -domain   => octets($asked->{domain}),
        -path     => octets($asked->{path}),
        -expires  => $asked->{expires},
        '-max-age' => $asked->{max_age},
        -secure   => $asked->{secure},
        -httponly => $asked->{http_only},
        -samesite => octets($asked->{same_site}),
    );
    delete $given{$_} for grep { !defined $given{$_} } keys %given;
    my $cookie = CGI::Cookie->new(%given);
    my $written = $cookie ? $cookie->as_string : '';
    return { set_cookie => length $written ? octets($written) : undef };
}

serve(
    {
        shim => 'perl-CGI-Cookie/1',
        impl => {
            name     => 'CGI::Cookie',
            version  => CGI::Cookie->VERSION,
            language => 'perl',
            source   => 'https://metacpan.org/dist/CGI',
        },
        can   => [qw(parse.cookie format.set-cookie)],
        blind => [qw(duplicates order)],
        notes => "Field lines are joined by '; ', as servers do. Values are lists: one pair is reported for each "
            . 'value. They are percent-decoded and percent-encoded. Path=/ unless another is asked for.',
    },
    'parse.cookie'      => \&parse_cookie,
    'format.set-cookie' => \&format_set_cookie,
);
