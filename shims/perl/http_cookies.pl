# HTTP::Cookies: the cookie store of LWP.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;

use Clock;
use File::Temp;
use HTTP::Cookies;
use HTTP::Request;
use HTTP::Response;
use Jar;
use Protocol;

package Store {
    sub new { return bless { jar => HTTP::Cookies->new }, shift }

    sub receive {
        my ($self, $uri, @lines) = @_;
        my $response = HTTP::Response->new(200);
        $response->push_header('Set-Cookie' => $_) for @lines;
        $response->request(HTTP::Request->new(GET => $uri));
        $self->{jar}->extract_cookies($response);
    }

    sub send_to {
        my ($self, $uri) = @_;
        my $request = HTTP::Request->new(GET => $uri);
        $self->{jar}->add_cookie_header($request);
        return scalar $request->header('Cookie');
    }

    sub dump {
        my ($self) = @_;
        my @cookies;
        $self->{jar}->scan(sub {
            my (undef, $name, $value, $path, $domain, undef, undef, $secure, $expires) = @_;
            push @cookies, {
                name      => Protocol::octets($name),
                value     => Protocol::octets($value),
                path      => Protocol::octets($path),
                # A domain that is not host-only begins with a dot.
                domain    => Protocol::octets($domain =~ s/^\.//r),
                host_only => Protocol::boolean($domain !~ /^\./),
                expires   => Protocol::integer($expires),
                secure    => Protocol::boolean($secure),
            };
        });
        return \@cookies;
    }

    sub restart {
        my ($self) = @_;
        my $file = File::Temp->new;
        $self->{jar}->save("$file");
        $self->{jar} = HTTP::Cookies->new;
        $self->{jar}->load("$file");
    }
}

serve(
    {
        shim => 'perl-HTTP-Cookies/1',
        impl => {
            name     => 'HTTP::Cookies',
            version  => HTTP::Cookies->VERSION,
            language => 'perl',
            source   => 'https://metacpan.org/dist/HTTP-Cookies',
        },
        can   => [qw(jar clock dump restart secure)],
        blind => [qw(creation last_access http_only order same_site partitioned)],
        notes => "After Netscape's and RFC 2965's rules. No public suffix list. A restart is save and load of its own "
            . 'file format. Cookies of one path are sent in the order of a hash, whose seed the shim fixes. It '
            . 'reads `time`, which the shim winds.',
    },
    jar => Jar::of('Store'),
);
