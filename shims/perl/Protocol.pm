package Protocol;

# The shim protocol on stdin and stdout: one JSON object per line.
#
# A shim calls `serve` with its description and one sub per operation, which takes the `in` member of a
# request and returns the `ok` member of the answer. It calls `unsupported` for what the library lacks;
# any other exception is reported as `error`.
#
# Strings that stand for octets have one code point U+0000..U+00FF per octet in JSON, and are byte strings
# in Perl, as its HTTP modules have them.

use strict;
use warnings;

# Hashes are in another order each time Perl is started, unless it is started with these.
BEGIN {
    if (!defined $ENV{PERL_HASH_SEED}) {
        @ENV{qw(PERL_HASH_SEED PERL_PERTURB_KEYS)} = (0, 0);
        exec $^X, $0, @ARGV or die "$^X: $!";
    }
}

use Cpanel::JSON::XS ();
use Exporter 'import';

our @EXPORT = qw(boolean integer octets serve unsupported);

use constant { PROTOCOL => 1, WINDOW => 64, BATCH => 256, BLOCK => 1 << 16, MAX_INTEGER => 2**53 - 1 };

my $json = Cpanel::JSON::XS->new->utf8->allow_blessed;

sub unsupported { die { need => $_[0] } }

# The octets of a string that a library returns, which may have been decoded; undef where there is none.
sub octets {
    my ($string) = @_;
    utf8::encode($string) if defined $string && !utf8::downgrade($string, 1);
    return defined $string ? "$string" : undef;
}

# The nearest integer that the protocol can carry; undef where there is no number.
sub integer {
    my ($number) = @_;
    return undef unless defined $number;
    return int($number > MAX_INTEGER ? MAX_INTEGER : $number < -MAX_INTEGER() ? -MAX_INTEGER() : $number);
}

sub boolean { return $_[0] ? Cpanel::JSON::XS::true : Cpanel::JSON::XS::false }

# Answers requests until stdin ends or `bye` arrives.
sub serve {
    my ($description, %operations) = @_;
    open my $answers, '>&', \*STDOUT or die "stdout: $!";
    # stdout carries the protocol only; what a library prints is a remark for the report.
    open STDOUT, '>&', \*STDERR or die "stdout: $!";
    binmode $_ for $answers, \*STDIN;

    $operations{hello} = sub { hello($description, @_) };
    $operations{echo}  = sub { { data => octets($_[0]{data}) } };
    $operations{batch} = sub { { results => [map { answer(\%operations, $_) } @{ $_[0]{cases} }] } };

    my $unread = '';
    # Every request that has arrived is answered before the next read: one write for a window.
    while (sysread STDIN, $unread, BLOCK, length $unread) {
        my $ready = '';
        my $begin = 0;
        while ((my $end = index $unread, "\n", $begin) >= 0) {
            my $request = parse(substr $unread, $begin, $end - $begin);
            $begin = $end + 1;
            if (!$request || $request->{op} eq 'bye') {
                write_all($answers, $ready);
                exit($request ? 0 : 2);
            }
            $ready .= $json->encode(answer(\%operations, $request)) . "\n";
        }
        $unread = substr $unread, $begin;
        write_all($answers, $ready);
    }
}

sub write_all {
    my ($file, $octets) = @_;
    my $written = 0;
    while ($written < length $octets) {
        $written += syswrite($file, $octets, length($octets) - $written, $written) // die "stdout: $!";
    }
}

# The request on a line; undef, and a remark on stderr, where there is none to be answered.
sub parse {
    my ($line) = @_;
    my $request = eval { $json->decode($line) };
    return $request if ref $request eq 'HASH' && defined $request->{id} && defined $request->{op};
    print STDERR 'not a request with `id` and `op`: ', substr($line, 0, 200), "\n";
    return undef;
}

sub answer {
    my ($operations, $request) = @_;
    my %reply = exists $request->{id} ? (id => $request->{id}) : ();
    local $@;
    my $done = eval {
        my $operation = $operations->{ $request->{op} } || unsupported($request->{op});
        $reply{ok} = $operation->($request->{in});
        1;
    };
    return \%reply if $done;
    if (ref $@ eq 'HASH' && defined $@->{need}) {
        $reply{unsupported} = { need => $@->{need} };
    } else {
        $reply{error} = { message => octets("$@") };
    }
    return \%reply;
}

sub hello {
    my ($description, $asked) = @_;
    unsupported('protocol') unless grep { $_ == PROTOCOL } @{ $asked->{protocol} };
    return { protocol => PROTOCOL, window => WINDOW, batch => BATCH, %$description };
}

1;
