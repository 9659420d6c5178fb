# Cookie::Baker: the cookies of Plack applications.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;

use Cookie::Baker;
use Protocol;

sub parse_cookie {
    my ($asked) = @_;
    my $cookies = crush_cookie(join '; ', map { octets($_) } @{ $asked->{cookie} });
    return { pairs => [map { [octets($_), octets($cookies->{$_})] } sort keys %$cookies] };
}

sub format_set_cookie {
    my ($asked) = @_;
    unsupported('partitioned') if $asked->{partitioned};
    my %given = (
        value     => octets($asked->{value}),
        domain    => octets($asked->{domain}),
        path      => octets($asked->{path}),
        expires   => $asked->{expires},
        'max-age' => $asked->{max_age},
        secure    => $asked->{secure},
        httponly  => $asked->{http_only},
        samesite  => octets($asked->{same_site}),
    );
    delete $given{$_} for grep { !defined $given{$_} } keys %given;
    my $written = bake_cookie(octets($asked->{name}), \%given);
    return { set_cookie => length $written ? octets($written) : undef };
}

serve(
    {
        shim => 'perl-Cookie-Baker/1',
        impl => {
            name     => 'Cookie::Baker',
            version  => Cookie::Baker->VERSION,
            language => 'perl',
            source   => 'https://metacpan.org/dist/Cookie-Baker',
        },
        can   => [qw(parse.cookie format.set-cookie)],
        blind => [qw(duplicates order)],
        notes => "Field lines are joined by '; ', as servers do. Names and values are percent-decoded and "
            . 'percent-encoded. With Cookie::Baker::XS it parses with that.',
    },
    'parse.cookie'      => \&parse_cookie,
    'format.set-cookie' => \&format_set_cookie,
);
