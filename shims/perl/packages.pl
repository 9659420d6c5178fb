# Prints the modules under test that are installed, one `package version` on a line.

use strict;
use warnings;

for my $module (qw(CGI::Cookie Cookie::Baker HTTP::CookieJar HTTP::Cookies HTTP::Tiny IO::Socket::SSL LWP::Protocol::https
    Mojolicious)) {
    print "$module ", $module->VERSION, "\n" if eval "require Cpanel::JSON::XS; require $module";
}
