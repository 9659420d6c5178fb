# Prints the gems under test that are installed, one `package version` on a line.

%w[cgi cookiejar http-cookie mechanize rack webrick].each do |name|
  puts "#{name} #{Gem::Specification.find_by_name(name).version}"
rescue Gem::MissingSpecError
  next
end
