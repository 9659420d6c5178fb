package protocol

import "encoding/json"

// ParseSetCookie asks for the cookie of one Set-Cookie field line.
type ParseSetCookie struct {
	SetCookie Octets `json:"set_cookie"`
}

// Parsed is the answer to ParseSetCookie; a nil cookie is a rejection.
type Parsed struct {
	Cookie *Cookie `json:"cookie"`
}

// Cookie has the fields of a Set-Cookie field line: as parsed, or as asked to be written.
type Cookie struct {
	Name        Octets  `json:"name"`
	Value       Octets  `json:"value"`
	Domain      *Octets `json:"domain,omitempty"`
	Path        *Octets `json:"path,omitempty"`
	Expires     *int64  `json:"expires,omitempty"`
	MaxAge      *int64  `json:"max_age,omitempty"`
	Secure      bool    `json:"secure,omitempty"`
	HTTPOnly    bool    `json:"http_only,omitempty"`
	SameSite    *Octets `json:"same_site,omitempty"`
	Partitioned bool    `json:"partitioned,omitempty"`
}

// ParseCookie asks for the pairs of a request's Cookie field lines.
type ParseCookie struct {
	Cookie []Octets `json:"cookie"`
}

// Pairs is the answer to ParseCookie.
type Pairs struct {
	Pairs [][2]Octets `json:"pairs"`
}

// Formatted is the answer to a request to write a Cookie; nil is the library's refusal.
type Formatted struct {
	SetCookie *Octets `json:"set_cookie"`
}

// ParseDate asks what a cookie-date means.
type ParseDate struct {
	Date Octets `json:"date"`
}

// Jar is a program for a cookie store.
type Jar struct {
	Now    int64 `json:"now"`
	Config struct {
		// Absent, null or a list: the library's own, none, or these rules.
		PublicSuffixes json.RawMessage `json:"public_suffixes"`
	} `json:"config"`
	Steps []Step `json:"steps"`
}

// Step is one step of a Jar.
type Step struct {
	Do        string   `json:"do"`
	At        string   `json:"at"`
	URI       Octets   `json:"uri"`
	SetCookie []Octets `json:"set_cookie"`
	Secs      int64    `json:"secs"`
	Context   struct {
		SameSite *bool  `json:"same_site"`
		API      string `json:"api"`
	} `json:"context"`
}

// Observations is the answer to a Jar, by the labels of its steps.
type Observations struct {
	Obs map[string]any `json:"obs"`
}

// Sent is what a request carries; a nil header is a request without a Cookie field.
type Sent struct {
	Header  *Octets     `json:"header"`
	Cookies [][2]Octets `json:"cookies,omitempty"`
}
