# frozen_string_literal: true

# Prints the public names of the gem, one a line: types, their members, and what a caller may leave out. What its
# documentation calls private is none of them.

require "clanforge"

# Whether the comment above a definition says that it is not for others.
def private_api?(location)
  file, line = location
  return false unless file && File.exist?(file)

  lines = File.readlines(file).first(line - 1).reverse
  lines.take_while { |text| text.strip.start_with?("#") }.any? { |text| text.include?("@api private") }
end

def options(name, method)
  [name] + method.parameters.filter_map { |kind, option| "#{name}(#{option})" if %i[key opt].include?(kind) && option }
end

def members(owner, type)
  # A struct is frozen, so its setters are nobody's; comparing and showing is what every object can do.
  own = type.public_instance_methods(false).reject { |name| name.end_with?("=") || Object.method_defined?(name) }
  names = own.filter_map do |name|
    method = type.instance_method(name)
    options("#{owner}.#{name}", method) unless private_api?(method.source_location)
  end
  names += type.singleton_methods(false).filter_map do |name|
    method = type.method(name)
    options("#{owner}.#{name}", method) unless private_api?(method.source_location)
  end
  initializer = type.instance_method(:initialize) if type.is_a?(Class) && type.private_method_defined?(:initialize, false)
  names << options("#{owner}.new", initializer).drop(1) if initializer && !private_api?(initializer.source_location)
  names.flatten
end

# A list of symbols names options that Ruby's reflection does not see.
def constants(owner, type)
  type.constants(false).flat_map do |name|
    value = type.const_get(name)
    value.is_a?(Array) && value.all?(Symbol) ? value.map { |option| "#{owner}.#{name}(#{option})" } : []
  end
end

public_constants = Clanforge.constants(false).reject do |name|
  name == :Native || private_api?(Clanforge.const_source_location(name))
end
names = public_constants.flat_map do |name|
  value = Clanforge.const_get(name)
  next ["#{name}"] unless value.is_a?(Module)

  # What a struct brings along is Ruby's, not the gem's.
  brought = value.respond_to?(:members) ? %w[members keyword_init? [] new inspect].map { |method| "#{name}.#{method}" } : []
  [name.to_s] + (members(name, value) - brought) + constants(name, value)
end
names += Clanforge.singleton_methods(false).flat_map do |name|
  method = Clanforge.method(name)
  private_api?(method.source_location) ? [] : options(name.to_s, method)
end
puts names.uniq.sort
