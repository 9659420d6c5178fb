# Mojolicious: the cookies of its requests and responses, and the cookie store of its user agent.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;

use Clock;
use Jar;
use Mojo::Cookie::Request;
use Mojo::Cookie::Response;
use Mojo::Message::Request;
use Mojo::Transaction::HTTP;
use Mojo::URL;
use Mojo::UserAgent::CookieJar;
use Mojolicious;
use Protocol;

sub parse_set_cookie {
    my ($asked) = @_;
    my $cookie = Mojo::Cookie::Response->parse(octets($asked->{set_cookie}))->[0] or return { cookie => undef };
    my $max_age = $cookie->max_age;
    return {
        cookie => {
            name      => octets($cookie->name),
            value     => octets($cookie->value),
            domain    => octets($cookie->domain),
            path      => octets($cookie->path),
            expires   => integer($cookie->expires),
            # The attribute as it was written.
            max_age   => defined $max_age && $max_age =~ /^-?[0-9]+$/ ? integer($max_age) : undef,
            secure    => boolean($cookie->secure),
            http_only => boolean($cookie->httponly),
            same_site => octets($cookie->samesite),
        },
    };
}

sub parse_cookie {
    my ($asked) = @_;
    my $request = Mojo::Message::Request->new;
    $request->headers->add(Cookie => line($_)) for map { octets($_) } @{ $asked->{cookie} };
    return { pairs => [map { [octets($_->name), octets($_->value)] } @{ $request->cookies }] };
}

# A field line: its header fields refuse line breaks, which never reach the cookies.
sub line { return $_[0] =~ /[\r\n]/ ? unsupported('octets') : $_[0] }

sub format_set_cookie {
    my ($asked) = @_;
    unsupported('partitioned') if $asked->{partitioned};
    my $cookie = Mojo::Cookie::Response->new(
        name     => octets($asked->{name}),
        value    => octets($asked->{value}),
        domain   => octets($asked->{domain}),
        path     => octets($asked->{path}),
        expires  => $asked->{expires},
        max_age  => $asked->{max_age},
        secure   => $asked->{secure},
        httponly => $asked->{http_only},
        samesite => octets($asked->{same_site}),
    );
    my $written = $cookie->to_string;
    return { set_cookie => length $written ? octets($written) : undef };
}

package Store {
    sub new { return bless { jar => Mojo::UserAgent::CookieJar->new }, shift }

    sub receive {
        my ($self, $uri, @lines) = @_;
        my $transaction = transaction($uri);
        $transaction->res->headers->add('Set-Cookie' => main::line($_)) for @lines;
        $self->{jar}->collect($transaction);
    }

    sub send_to {
        my ($self, $uri) = @_;
        my $transaction = transaction($uri);
        $self->{jar}->prepare($transaction);
        return $transaction->req->headers->cookie;
    }

    sub transaction {
        my $transaction = Mojo::Transaction::HTTP->new;
        $transaction->req->url(Mojo::URL->new($_[0]));
        return $transaction;
    }
}

serve(
    {
        shim => 'perl-Mojolicious/1',
        impl => {
            name     => 'Mojolicious',
            version  => Mojolicious->VERSION,
            language => 'perl',
            source   => 'https://metacpan.org/dist/Mojolicious',
        },
        can   => [qw(parse.set-cookie parse.cookie format.set-cookie jar clock secure)],
        blind => [qw(partitioned)],
        notes => 'Max-Age is kept as the text it came as; what is no integer is not reported. No public suffix '
            . 'list. It reads `time`, which the shim winds.',
    },
    'parse.set-cookie'  => \&parse_set_cookie,
    'parse.cookie'      => \&parse_cookie,
    'format.set-cookie' => \&format_set_cookie,
    jar                 => Jar::of('Store'),
);
